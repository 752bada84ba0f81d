// A Coherence server that lives no longer than the process that started it: its standard input is a pipe held by
// that process, and at the end of the input (also after a SIGKILL of the holder) the JVM halts. When the server
// is started and no partition is without its backup, one line on standard output says so.

import com.tangosol.net.CacheFactory;
import com.tangosol.net.Cluster;
import com.tangosol.net.Coherence;
import com.tangosol.net.PartitionedService;
import com.tangosol.net.Service;
import com.tangosol.net.events.CoherenceLifecycleEvent;
import java.io.IOException;
import java.util.Collections;

public final class WatchedServer implements Coherence.LifecycleListener {
    public static void main(String[] arguments) {
        daemon("end of input", WatchedServer::haltAtEndOfInput);
        Coherence.main(arguments);
    }

    @Override
    public void onEvent(CoherenceLifecycleEvent event) {
        if (event.getType() == CoherenceLifecycleEvent.Type.STARTED) {
            daemon("report start", WatchedServer::reportStart);
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void haltAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // What is written to the input has no meaning.
            }
        } catch (IOException closed) {
            // The same as the end of the input.
        }
        Runtime.getRuntime().halt(1);
    }

    private static void reportStart() {
        Cluster cluster = CacheFactory.getCluster();
        try {
            while (!isBackedUp(cluster)) {
                Thread.sleep(20);
            }
        } catch (InterruptedException interrupted) {
            return;
        }
        System.out.println("coherence-test-server started, members: " + cluster.getMemberSet().size());
    }

    private static boolean isBackedUp(Cluster cluster) {
        if (cluster.getMemberSet().size() < 2) {
            return true;
        }
        for (String name : Collections.list(cluster.getServiceNames())) {
            Service service = cluster.getService(name);
            if (service instanceof PartitionedService && service.isRunning()
                    && !isBackedUp((PartitionedService) service)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBackedUp(PartitionedService service) {
        if (service.getBackupCount() == 0) {
            return true;
        }
        for (int partition = 0; partition < service.getPartitionCount(); partition++) {
            if (service.getPartitionOwner(partition) == null || service.getBackupOwner(partition, 1) == null) {
                return false;
            }
        }
        return true;
    }
}
