"""How the installation is: figures, readiness, and what needs somebody."""
