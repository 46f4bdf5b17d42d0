package toxiproxy

import (
	"fmt"
	"net"
	"os"
	"strings"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
)

// RoleName is the name under which a program that starts such servers has to
// offer [Role] to reexec.Run.
const RoleName = "toxiproxy"

// Role is what a process does that is started as the server. Its arguments are
// the address of its own API and, for each way, NAME=LISTEN=UPSTREAM. Addresses
// are host:port.
func Role(args []string) int {
	if err := serve(args); err != nil {
		fmt.Fprintln(os.Stderr, "toxiproxy:", err)
		return 1
	}
	return 0
}

// serve returns only if something is wrong: the server's Listen ends the process.
func serve(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("want an address and at least one way, got %d arguments", len(args))
	}
	host, port, err := net.SplitHostPort(args[0])
	if err != nil {
		return err
	}
	server := toxiproxy.NewServer(
		toxiproxy.NewMetricsContainer(prometheus.NewRegistry()),
		zerolog.New(os.Stderr).With().Timestamp().Logger().Level(zerolog.WarnLevel))
	for _, arg := range args[1:] {
		way := strings.Split(arg, "=")
		if len(way) != 3 {
			return fmt.Errorf("a way is %q; it must be NAME=LISTEN=UPSTREAM", arg)
		}
		if err := server.Collection.Add(toxiproxy.NewProxy(server, way[0], way[1], way[2]), true); err != nil {
			return fmt.Errorf("open the way %s at %s: %w", way[0], way[1], err)
		}
	}
	server.Listen(host, port)
	return nil
}
