"""`python -m training.diffusion`: the recipe's command line."""

from training.diffusion.recipe import main

if __name__ == "__main__":
    main()
