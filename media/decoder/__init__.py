"""The decoder: a program that reads one file of a stranger's and writes it anew.

Started by ``media.sandbox``; knows neither Django nor settings. What it writes holds the picture
and the sound and nothing else: no EXIF, no place, no comments, no other streams.
"""
