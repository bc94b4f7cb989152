"""The commands of the studies that write a results folder: each reads scenarios, asks one study, writes and prints."""
