"""One candidate, one answer: choosing a prompt, writing under way, and what is kept of it."""
