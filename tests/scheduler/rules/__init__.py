"""Each rule asked alone, in the way in which it speaks."""
