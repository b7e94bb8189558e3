"""How fast Concord's own parts are, each beside something everybody knows, in one run."""
