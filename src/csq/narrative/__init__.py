"""The story of a review: strengths, weaknesses, what to do; and the lint of its figures."""
