"""The one logger: JSON lines with ids, never names, phones, texts or tokens."""

from aws_lambda_powertools import Logger

logger = Logger(utc=True)
