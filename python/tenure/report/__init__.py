"""The company report: one HTML page, its figures as JSON, and the sentences in it."""

from .build import Report, build

__all__ = ["Report", "build"]
