/* SPDX-License-Identifier: Apache-2.0 */
/* What releases call by other names or lack altogether, found by reflection: the cases are compiled
 * for beta7 and run on older releases as they are. */
package oracle;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class Moved {
	interface Body {
		void run() throws Exception;
	}

	private Moved() { }

	/** What `object`, or a class, answers to a method without arguments. */
	static Object call(Object object, String method) throws ReflectiveOperationException {
		boolean fixed = object instanceof Class;
		var m = (fixed ? (Class<?>) object : object.getClass()).getMethod(method);

		m.setAccessible(true);
		return m.invoke(fixed ? null : object);
	}

	/** The workspace that a failed pass left open, or null. */
	static MemoryWorkspace workspace() {
		try {
			return (MemoryWorkspace) call(call(Nd4j.class, "getMemoryManager"),
					"getCurrentWorkspace");
		} catch (ReflectiveOperationException e) {
			throw new IllegalStateException(e);
		}
	}

	/* Types of numbers: before beta4 all arrays are of one that Nd4j is told. */

	static boolean hasTypes() {
		try {
			return DataType.FLOAT != null;
		} catch (LinkageError e) {
			return false;
		}
	}

	static NeuralNetConfiguration.Builder typed(NeuralNetConfiguration.Builder net, String type) {
		try {
			return net.dataType(DataType.valueOf(type));
		} catch (LinkageError e) {
			setType(type);
			return net;
		}
	}

	/** Of a release before beta4 only: what it is told holds until it is told again. */
	static void setType(String type) {
		try {
			Class<?> types = Class.forName("org.nd4j.linalg.api.buffer.DataBuffer$Type");
			Nd4j.class.getMethod("setDataType", types).invoke(null,
					types.getMethod("valueOf", String.class).invoke(null, type));
		} catch (ReflectiveOperationException e) {
			return;
		}
	}

	static INDArray cast(INDArray a, String type) {
		try {
			return a.castTo(DataType.valueOf(type));
		} catch (LinkageError e) {
			return a;
		}
	}

	static String type(ComputationGraphConfiguration conf) {
		try {
			return conf.getDataType().name();
		} catch (LinkageError e) {
			return "FLOAT";
		}
	}

	static String type(Model net) {
		try {
			return net.params() == null || net.params().isEmpty()
					? "FLOAT" : net.params().dataType().name();
		} catch (LinkageError e) {
			return "FLOAT";
		}
	}

	/** Without DL4J's oneDNN helpers, where a release has any that can be left out. */
	static void withoutHelpers(Body body) throws Exception {
		boolean helpers;

		try {
			helpers = Nd4j.getEnvironment().helpersAllowed();
			Nd4j.getEnvironment().allowHelpers(false);
		} catch (NoSuchMethodError e) {
			body.run();
			return;
		}
		try {
			body.run();
		} finally {
			Nd4j.getEnvironment().allowHelpers(helpers);
		}
	}
}
