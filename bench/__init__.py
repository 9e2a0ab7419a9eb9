"""Load, measured: `make bench`. Figures are printed, never asserted: machines are noisy."""
