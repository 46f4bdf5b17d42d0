package keeper

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"hoplab.example/harness/server/runtime"
	"hoplab.example/harness/server/runtime/attach"
	"hoplab.example/harness/server/runtime/containers"
	"hoplab.example/harness/server/runtime/local"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/atomicfile"
	"hoplab.example/harness/util/reexec"
)

// Role is what a process does that is started as a keeper. Its one argument is
// a Config as JSON.
func Role(args []string) int {
	if err := role(args); err != nil {
		fmt.Fprintln(os.Stderr, "keeper:", err)
		return 1
	}
	return 0
}

func role(args []string) error {
	var config Config
	if err := reexec.Task(args, &config); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	defer stop()
	return serve(ctx, config)
}

func serve(ctx context.Context, config Config) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	versions, err := version.Find(config.Stack)
	if err != nil {
		return err
	}
	rt, err := newRuntime(ctx, config, versions)
	if err != nil {
		return err
	}
	book := newBook(rt, versions, config)
	server, err := listen(ctx, config.Dir, book, cancel)
	if err != nil {
		return err
	}
	go watchOwner(ctx, book, cancel)
	<-ctx.Done()
	err = book.close()
	shut, release := context.WithTimeout(context.Background(), time.Second)
	defer release()
	server.Shutdown(shut)  // lets the answer to /stop out
	if !ours(config.Dir) { // another run may be there by now
		return errors.Join(err, os.WriteFile(config.Dir+removedSuffix, nil, 0o644))
	}
	tidy(config.Dir, book.failed())
	return err
}

func newRuntime(ctx context.Context, config Config, versions version.Stack) (runtime.Runtime, error) {
	program, err := keepProgram(config.Dir)
	if err != nil {
		return nil, fmt.Errorf("keep a copy of this program: %w", err)
	}
	secrets, err := makeSecrets(config)
	if err != nil {
		return nil, fmt.Errorf("keep the passwords: %w", err)
	}
	switch config.Runtime {
	case "", "local":
		return local.New(local.Options{
			Dir: config.Dir, Cache: config.Cache, Program: program, Ports: config.Ports, Secrets: secrets, Long: config.Long, NoClassData: config.NoClassData,
		}), nil
	case "containers":
		return containers.New(ctx, containers.Options{
			Dir: config.Dir, Cache: config.Cache, Program: program, Components: versions.Components(), Ports: config.Ports, Secrets: secrets, Long: config.Long,
		})
	case "attach":
		file, err := attach.Load(config.Attach)
		if err != nil {
			return nil, err
		}
		return attach.New(file), nil
	}
	return nil, fmt.Errorf("unknown runtime %q; use local, containers or attach", config.Runtime)
}

// listen serves the book and then says in the folder where.
func listen(ctx context.Context, dir string, b *book, stop func()) (*http.Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	at := endpoint{PID: os.Getpid(), Addr: listener.Addr().String(), Token: rand.Text()}
	server := &http.Server{Handler: guard(at, routes(ctx, b, stop)), ReadHeaderTimeout: 5 * time.Second}
	go server.Serve(listener)
	return server, writeEndpoint(dir, at)
}

func writeEndpoint(dir string, at endpoint) error {
	text, err := json.Marshal(at)
	if err != nil {
		return err
	}
	return atomicfile.WritePrivate(filepath.Join(dir, endpointFile), text)
}

// maxAsked is how long a request's body may be, in bytes: names of components.
const maxAsked = 64 << 10

// guard lets those in who know the token, which no page of a browser does, whatever
// name it calls this machine by: the address must be the one that the folder has.
func guard(at endpoint, next http.Handler) http.Handler {
	want := []byte("Bearer " + at.Token)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Host != at.Addr || r.Header.Get("Origin") != "":
			http.Error(w, "only programs may ask a keeper, at its own address", http.StatusForbidden)
		case subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), want) != 1:
			http.Error(w, "wrong token", http.StatusForbidden)
		default:
			r.Body = http.MaxBytesReader(w, r.Body, maxAsked)
			next.ServeHTTP(w, r)
		}
	})
}

func routes(ctx context.Context, b *book, stop func()) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /state", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(b.state())
	})
	mux.HandleFunc("POST /ensure", func(w http.ResponseWriter, r *http.Request) {
		var names []string
		err := json.NewDecoder(r.Body).Decode(&names)
		if err == nil {
			err = b.ensure(ctx, names)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
	mux.HandleFunc("POST /components/{name}/{fault}", func(w http.ResponseWriter, r *http.Request) {
		if err := b.do(ctx, Fault(r.PathValue("fault")), r.PathValue("name")); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
		}
	})
	mux.HandleFunc("POST /disown", func(http.ResponseWriter, *http.Request) { b.disown() })
	mux.HandleFunc("POST /stop", func(w http.ResponseWriter, _ *http.Request) {
		if err := b.close(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
		stop()
	})
	return mux
}

// tidy removes the run's folder. After a failure the logs stay, until a later
// run sweeps them.
func tidy(dir string, failed bool) {
	if !failed {
		os.RemoveAll(dir)
		return
	}
	os.Remove(filepath.Join(dir, endpointFile))
	os.Remove(filepath.Join(dir, programFile))
	os.Remove(filepath.Join(dir, secretsFile))
	os.WriteFile(filepath.Join(dir, failedFile), nil, 0o644)
	entries, _ := os.ReadDir(dir)
	for _, entry := range entries {
		if entry.IsDir() {
			os.RemoveAll(filepath.Join(dir, entry.Name()))
		}
	}
}
