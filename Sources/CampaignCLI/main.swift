import CPlatform
import Glibc

campaign_begin()
exit(Front.run(Array(CommandLine.arguments.dropFirst())).status)
