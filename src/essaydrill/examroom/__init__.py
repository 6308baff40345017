"""The exam room: a screen with the materials, the answer sheet and the clock, and what is seen after handing in."""
