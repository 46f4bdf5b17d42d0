package toxiproxy

import (
	"fmt"

	toxiproxy "github.com/Shopify/toxiproxy/v2/client"
)

// Client asks the server whose API is at an address.
type Client struct {
	addr   string
	client *toxiproxy.Client
}

// New returns a client of the server whose API is at addr (host:port).
func New(addr string) Client { return Client{addr, toxiproxy.NewClient(addr)} }

// Cut breaks all connections of a way, and refuses new ones until Restore.
func (c Client) Cut(way string) error {
	return c.with(way, "cut", func(p *toxiproxy.Proxy) error { return p.Disable() })
}

// Hold keeps connections open, and new ones possible, and swallows all that is
// sent over them, in both directions, until Restore: as a network does that drops
// every packet.
func (c Client) Hold(way string) error {
	return c.with(way, "hold up", func(p *toxiproxy.Proxy) error {
		for _, stream := range []string{"upstream", "downstream"} {
			// A timeout of 0 never ends the connection by itself.
			if _, err := p.AddToxic(holding+stream, "timeout", stream, 1, toxiproxy.Attributes{"timeout": 0}); err != nil {
				return err
			}
		}
		return nil
	})
}

const holding = "hold-"

// Restore ends what Cut or Hold began. Connections that were held up break then:
// what they had swallowed is lost.
func (c Client) Restore(way string) error {
	return c.with(way, "restore", func(p *toxiproxy.Proxy) error {
		for _, toxic := range p.ActiveToxics {
			if err := p.RemoveToxic(toxic.Name); err != nil {
				return err
			}
		}
		return p.Enable()
	})
}

func (c Client) with(way, what string, do func(*toxiproxy.Proxy) error) error {
	proxy, err := c.client.Proxy(way)
	if err == nil {
		err = do(proxy)
	}
	if err != nil {
		return fmt.Errorf("%s the way %q of the toxiproxy at %s: %w", what, way, c.addr, err)
	}
	return nil
}
