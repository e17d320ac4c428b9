"""`python -m training.vqvae`: the recipe's command line."""

from training.vqvae.recipe import main

if __name__ == "__main__":
    main()
