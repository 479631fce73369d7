"""The parties: what each one sees, what each one may do, and the feed that tells them."""
