"""`python -m training.vae`: the recipe's command line."""

from training.vae.recipe import main

if __name__ == "__main__":
    main()
