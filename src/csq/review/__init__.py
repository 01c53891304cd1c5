"""What a review asks of the data beyond the scorecard: trends, peaks, shares, stages, rows."""
