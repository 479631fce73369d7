"""A sample day played against the real service: parties declare, answer, run late, fall out."""
