"""The ways out: one package a channel, all behind `protocol.Gateway`."""
