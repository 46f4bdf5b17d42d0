// Package standin stands in for Grafana and Kibana where their images can't be had: it
// reads the settings that hoplab gives them in their documented order, and answers the
// part of their HTTP APIs that hoplab asks for. It draws nothing, and keeps what it is
// sent in memory. What it proves is how hoplab's containers are set up, and nothing
// about the real servers.
package standin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"hoplab.example/harness/server/layout"
	"hoplab.example/harness/util/reexec"
)

// Roles are those in which hoplab's own program is a stand-in. The arguments are the version to stand in for, and the server's own.
func Roles() map[string]reexec.Role {
	return map[string]reexec.Role{
		layout.Of("grafana").StandInRole(): role(grafanaHandler),
		layout.Of("kibana").StandInRole():  role(kibanaHandler),
	}
}

// role starts a server: handler reads its settings.
func role(handler func(version string, args []string) (addr string, h http.Handler, err error)) reexec.Role {
	return func(args []string) int {
		if len(args) == 0 {
			args = []string{""}
		}
		addr, h, err := handler(args[0], args[1:])
		if err == nil {
			fmt.Fprintln(os.Stderr, "stand-in: this is none of the real servers; it listens at", addr)
			err = serve(addr, h)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "stand-in:", err)
			return 1
		}
		return 0
	}
}

const ending = 5 * time.Second

// serve serves until SIGTERM or SIGINT.
func serve(addr string, h http.Handler) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	context.AfterFunc(ctx, func() {
		ctx, cancel := context.WithTimeout(context.Background(), ending)
		defer cancel()
		server.Shutdown(ctx)
	})
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

type object = map[string]any

// reply writes JSON, or a text as it is.
func reply(w http.ResponseWriter, status int, answer any) {
	w.WriteHeader(status)
	if text, is := answer.(string); is {
		io.WriteString(w, text)
		return
	}
	json.NewEncoder(w).Encode(answer)
}

// options reads arguments such as --config FILE and --config=FILE.
func options(args []string, known func(name, value string) error) error {
	for i := 0; i < len(args); i++ {
		name, value, given := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		if strings.HasPrefix(args[i], "--") && !given {
			if i++; i == len(args) {
				return fmt.Errorf("the option %s has no value", args[i-1])
			}
			value = args[i]
		}
		if err := known(name, value); err != nil {
			return err
		}
	}
	return nil
}
