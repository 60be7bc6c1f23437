"""Each resource type of template.yaml, made in moto or kept as a fact; `supported.py` says which and `deploy.py` does it."""
