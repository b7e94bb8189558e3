"""How Concord is run: on one machine for trying and testing (`local`), and in containers (the Dockerfile)."""
