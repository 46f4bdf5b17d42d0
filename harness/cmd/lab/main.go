// Command lab is hoplab's command line. Package cli has what it does.
package main

import "hoplab.example/harness/cli"

func main() { cli.Main() }
