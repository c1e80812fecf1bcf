import Hummingbird

print(Router().description)
