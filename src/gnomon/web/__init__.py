"""The front door: home, search, my work, the menu, sign-in, and the shell for requesters."""
