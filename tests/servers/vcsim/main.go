// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT

// A vCenter for tests: govmomi's simulator behind a TLS server that asks for a login at /folder, as a
// vCenter does and the simulator does not, counts what it sends, can die in the middle, and forgets its
// sessions at SIGUSR1. The
// inventory is the simulator's own (DC0, a host DC0_H0, a cluster DC0_C0) and the guests of a JSON file.
package main

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/soap"
)

var (
	listen    = flag.String("listen", "127.0.0.1:0", "address")
	user      = flag.String("user", "", "who may log in")
	password  = flag.String("password-file", "", "file whose first line is the password")
	cert      = flag.String("cert", "", "certificate, PEM")
	key       = flag.String("key", "", "its key, PEM")
	guests    = flag.String("guests", "", "JSON file with guests")
	esx       = flag.Bool("esx", false, "be an ESXi host")
	dieAfter  = flag.Int64("die-after", 0, "bytes of disks after which the server is gone; 0: never")
	ready     = flag.String("ready", "", "file that gets the port, once it answers")
	logFile   = flag.String("log", "", "file that gets a line for each request")
	sessions  sync.Map
	diskBytes int64
)

func fatal(what string, err error) {
	if err != nil {
		log.Fatalf("vcsim: %s: %v", what, err)
	}
}

func firstLine(name string) string {
	file, err := os.Open(name)
	fatal("password", err)
	defer file.Close()
	line, err := bufio.NewReader(file).ReadString('\n')
	if line == "" {
		fatal("password", err)
	}
	return strings.TrimRight(line, "\n")
}

// newService is the simulator on a port of its own, without TLS.
func newService(secret string) (*simulator.Server, *simulator.Model) {
	model := simulator.VPX()
	if *esx {
		model = simulator.ESX()
	}
	fatal("model", model.Create())
	model.Service.Listen = &url.URL{Host: "127.0.0.1:0", User: url.UserPassword(*user, secret)}
	return model.Service.NewServer(), model
}

// countingWriter counts what is sent of disks.
type countingWriter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *countingWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *countingWriter) Write(data []byte) (int, error) {
	n, err := w.ResponseWriter.Write(data)
	w.bytes += int64(n)
	return n, err
}

// Flush is wanted by the proxy.
func (w *countingWriter) Flush() {
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

func mayRead(r *http.Request, secret string) bool {
	if name, word, ok := r.BasicAuth(); ok {
		return name == *user && word == secret
	}
	cookie, err := r.Cookie(soap.SessionCookieName)
	if err != nil {
		return false
	}
	_, known := sessions.Load(cookie.Value)
	return known
}

// remember keeps the cookies of sessions that the simulator has opened.
func remember(answer *http.Response) error {
	for _, cookie := range answer.Cookies() {
		if cookie.Name == soap.SessionCookieName && cookie.MaxAge >= 0 && cookie.Value != "" {
			sessions.Store(cookie.Value, true)
		}
	}
	return nil
}

// forget ends all sessions, as a vCenter does that starts anew.
func forget(lines *log.Logger) {
	sessions.Range(func(value, _ interface{}) bool {
		sessions.Delete(value)
		return true
	})
	lines.Print("SESSIONS FORGOTTEN")
}

// isOver tells whether the request is of a session that was forgotten.
func isOver(r *http.Request) bool {
	cookie, err := r.Cookie(soap.SessionCookieName)
	if err != nil {
		return false
	}
	_, known := sessions.Load(cookie.Value)
	return !known
}

type front struct {
	proxy  http.Handler
	secret string
	lines  *log.Logger
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	counter := &countingWriter{ResponseWriter: w, status: http.StatusOK}
	datastore := strings.HasPrefix(r.URL.Path, "/folder/")
	if datastore && !mayRead(r, f.secret) {
		w.Header().Set("WWW-Authenticate", `Basic realm="VMware HTTP server"`)
		counter.WriteHeader(http.StatusUnauthorized)
	} else {
		if isOver(r) {
			r.Header.Del("Cookie")
		}
		f.proxy.ServeHTTP(counter, r)
	}
	f.lines.Printf("%s %d %d %s", r.Method, counter.status, counter.bytes, r.URL.RequestURI())
	if datastore {
		if all := atomic.AddInt64(&diskBytes, counter.bytes); *dieAfter > 0 && all > *dieAfter {
			os.Exit(9)
		}
	}
}

func main() {
	log.SetOutput(os.Stderr)
	flag.Parse()
	secret := firstLine(*password)
	service, model := newService(secret)
	if *guests != "" {
		text, err := os.ReadFile(*guests)
		fatal("guests", err)
		var list []guest
		fatal("guests", json.Unmarshal(text, &list))
		for _, g := range list {
			fatal(g.Name, g.create(service.URL))
		}
	}
	out := os.Stderr
	if *logFile != "" {
		var err error
		out, err = os.OpenFile(*logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0600)
		fatal("log", err)
	}
	lines := log.New(out, "", 0)
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: service.URL.Host})
	proxy.ModifyResponse = remember
	pair, err := tls.LoadX509KeyPair(*cert, *key)
	fatal("certificate", err)
	listener, err := net.Listen("tcp", *listen)
	fatal("listen", err)
	server := &http.Server{
		Handler:   &front{proxy, secret, lines},
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{pair}},
	}
	go func() { fatal("serve", server.ServeTLS(listener, "", "")) }()
	port := fmt.Sprintln(listener.Addr().(*net.TCPAddr).Port)
	fatal("ready", os.WriteFile(*ready+".next", []byte(port), 0600))
	fatal("ready", os.Rename(*ready+".next", *ready))
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT, syscall.SIGUSR1)
	for <-stop == syscall.SIGUSR1 {
		forget(lines)
	}
	model.Remove()
}
