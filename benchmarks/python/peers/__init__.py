"""The jobs of tenure in the engines it is measured against, at the best we can write."""
