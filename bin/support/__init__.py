"""What stands behind bin/dev, bin/manage, bin/test and bin/check; standard library only, since it runs before the packages are there."""
