"""What changes who knows whom. Every act on two people locks both, the lower id first."""
