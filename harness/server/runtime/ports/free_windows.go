package ports

import "net"

// checkFree reports an address where something listens, by listening there for a
// moment. Windows hands no listener on to a process that is being started.
func checkFree(addr string) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	return listener.Close()
}
