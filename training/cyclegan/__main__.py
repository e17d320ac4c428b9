"""`python -m training.cyclegan`: the recipe's command line."""

from training.cyclegan.recipe import main

if __name__ == "__main__":
    main()
