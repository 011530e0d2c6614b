"""Sphinx settings; C++ pages come from doxygen by way of Breathe."""

import subprocess
from pathlib import Path

import tenure

HERE = Path(__file__).resolve().parent

project = "tenure"
copyright = "The tenure developers"
version = release = tenure.__version__

extensions = ["breathe", "myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
exclude_patterns = ["_doxygen"]
html_theme = "furo"
html_title = f"tenure {release}"

autodoc_member_order = "bysource"
autodoc_typehints = "description"
napoleon_use_ivar = True  # attributes of a class are its properties, which stand by themselves
myst_enable_extensions = ["colon_fence", "dollarmath"]

DOXYGEN = f"""
PROJECT_NAME = tenure
INPUT = {HERE.parent / "include"}
STRIP_FROM_PATH = {HERE.parent / "include"}
OUTPUT_DIRECTORY = {HERE / "_doxygen"}
RECURSIVE = YES
FILE_PATTERNS = *.hpp
EXTRACT_ALL = YES
EXCLUDE_SYMBOLS = *detail*
GENERATE_HTML = NO
GENERATE_LATEX = NO
GENERATE_XML = YES
QUIET = YES
WARNINGS = NO
"""
breathe_projects = {"tenure": str(HERE / "_doxygen" / "xml")}
breathe_default_project = "tenure"

(HERE / "_doxygen").mkdir(exist_ok=True)
subprocess.run(["doxygen", "-"], input=DOXYGEN, text=True, check=True)
