"""The commands of the studies: each reads scenarios, asks one study, writes its results folder and prints."""
