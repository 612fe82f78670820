"""What the product does. Talks to ports only."""
