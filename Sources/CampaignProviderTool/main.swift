import CampaignProviders
import Glibc

exit(Provider.run(Array(CommandLine.arguments.dropFirst())))
