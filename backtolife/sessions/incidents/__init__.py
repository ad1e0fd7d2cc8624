"""The record of a call for help, written afterwards."""
