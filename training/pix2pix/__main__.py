"""`python -m training.pix2pix`: the recipe's command line."""

from training.pix2pix.recipe import main

if __name__ == "__main__":
    main()
