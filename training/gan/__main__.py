"""`python -m training.gan`: the recipe's command line."""

from training.gan.recipe import main

if __name__ == "__main__":
    main()
