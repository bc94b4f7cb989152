"""What happens when money runs out: caps on programmes, and whom they leave out."""
