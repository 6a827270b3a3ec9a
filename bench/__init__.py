"""Benchmarks. Each measures something beside a baseline in the same run: a figure alone says only how busy a machine was."""
