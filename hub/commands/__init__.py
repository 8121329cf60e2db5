"""The command line: one file for each group of commands; `hub.main` says where each is."""
