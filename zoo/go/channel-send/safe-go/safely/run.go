// Package safely starts goroutines that do not take the process with them.
package safely

import "log"

// Go runs f and logs its panic, if any. Everything in the service starts here.
func Go(f func()) {
	go func() { // leak: started here
		defer func() {
			if reason := recover(); reason != nil {
				log.Println("recovered:", reason)
			}
		}()
		f()
	}()
}
