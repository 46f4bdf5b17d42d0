// Lab is hoplab's command. Package cli has what it does.
package main

import "hoplab.example/harness/cli"

func main() { cli.Main() }
