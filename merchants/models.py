"""The models of merchants, gathered from the topics for Django."""

from merchants.directory.models import Merchant, MerchantCategory

__all__ = ["Merchant", "MerchantCategory"]
