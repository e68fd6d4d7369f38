"""The published questions and answers of the agency: what is asked, and what answers first."""
