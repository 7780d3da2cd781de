"""Development cases and baselines for aligning sentences across languages; the bench and the fits run on them."""
