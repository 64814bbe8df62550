"""Pages of performance evaluation."""
