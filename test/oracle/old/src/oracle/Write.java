/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a golden case as the newer releases' oracle does (../README.md): the zip, inputs, what
 * every vertex puts out, and the texts of summary() where the release has them. */
package oracle;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;

final class Write {
	final String release;
	private final Path root;

	Write(String release, Path root) {
		this.release = release;
		this.root = root;
	}

	void say(String name, String what, Throwable why) {
		Throwable inner = why;

		while (inner.getCause() != null)
			inner = inner.getCause();
		String text = String.valueOf(inner.getMessage()).split("\n|\\. ")[0];

		System.out.println(name + "-" + release + ": " + what + ": "
				+ inner.getClass().getSimpleName() + ": " + text);
	}

	/** Shapes are those of one example: n, or n,t, or c,h,w; null: not for a typed summary. */
	void graph(String name, ComputationGraph net, int[][] shapes, INDArray[] inputs,
			INDArray[] masks) throws Exception {
		Map<String, byte[]> files = new TreeMap<>();
		File zip = save(net, files);
		ComputationGraph read = net;

		try {
			read = ModelSerializer.restoreComputationGraph(zip);
		} catch (Exception e) {
			say(name, "is not read back", e);
		}
		List<String> names = read.getConfiguration().getNetworkInputs();
		for (int i = 0; i < inputs.length; i++)
			put(files, "in/" + fileName(names.get(i)) + ".npy", Npy.bytes(inputs[i]));
		for (int i = 0; masks != null && i < masks.length; i++)
			if (masks[i] != null)
				put(files, "mask/" + fileName(names.get(i)) + ".npy", Npy.bytes(masks[i]));
		Map<String, INDArray> values = Flow.graph(read, inputs, masks);
		values.forEach((v, a) -> {
			if (!names.contains(v))
				put(files, "out/" + fileName(v) + ".npy", Npy.bytes(a));
		});
		if (masks == null)
			compare(name, read, values, inputs);
		summaries(name, files, read, shapes);
		sync(name, files);
	}

	/** It differs where two vertices read what one of them overwrites. */
	private void compare(String name, ComputationGraph net, Map<String, INDArray> values,
			INDArray[] inputs) {
		List<String> outputs = net.getConfiguration().getNetworkOutputs();
		List<String> differ = new ArrayList<>();

		try {
			INDArray[] theirs = net.output(Flow.copies(inputs));
			for (int i = 0; i < theirs.length; i++)
				if (!theirs[i].equals(values.get(outputs.get(i))))
					differ.add(outputs.get(i));
			if (!differ.isEmpty())
				throw new IllegalStateException(differ + " differ");
		} catch (RuntimeException e) {
			say(name, "output()", e);
		}
	}

	void chain(String name, MultiLayerConfiguration conf, int[] shape) throws Exception {
		chain(name, conf, shape, Fill.input(0, shape));
	}

	void chain(String name, MultiLayerConfiguration conf, int[] shape, INDArray input)
			throws Exception {
		MultiLayerNetwork net = new MultiLayerNetwork(conf);
		net.init();
		Fill.params(net);
		chain(name, net, shape, input, null);
	}

	/** A normalizer in the zip, or null: it gets the file to put one in, and what it makes of the
	 * input is what the network gets. */
	interface Normal {
		INDArray store(File zip, INDArray input) throws Exception;
	}

	void chain(String name, MultiLayerNetwork net, int[] shape, INDArray input, Normal normal)
			throws Exception {
		Map<String, byte[]> files = new TreeMap<>();
		MultiLayerNetwork read = net;
		INDArray last = null;
		File zip = save(net, files);
		INDArray x = input;

		if (normal != null) {
			x = normal.store(zip, input.dup());
			files.put("model.zip", Files.readAllBytes(zip.toPath()));
			put(files, "normalized/input.npy", Npy.bytes(x));
		}
		try {
			read = ModelSerializer.restoreMultiLayerNetwork(zip);
		} catch (Exception e) {
			say(name, "is not read back", e);
		}
		put(files, "in/input.npy", Npy.bytes(input));
		for (Map.Entry<String, INDArray> v : Flow.chain(read, x).entrySet()) {
			put(files, "out/" + fileName(v.getKey()) + ".npy", Npy.bytes(v.getValue()));
			last = v.getValue();
		}
		INDArray theirs = read.output(x.dup(), false);
		if (!theirs.equals(last))
			say(name, "output()", new IllegalStateException("the last layer differs"));
		summaries(name, files, read, new int[][] { shape });
		sync(name, files);
	}

	/* Files */

	private static File save(Model net, Map<String, byte[]> files) throws IOException {
		File zip = File.createTempFile("golden", ".zip");

		zip.deleteOnExit();
		ModelSerializer.writeModel(net, zip, false);
		files.put("model.zip", Files.readAllBytes(zip.toPath()));
		return zip;
	}

	/** Not every release has summary(), and only the last one summary(InputType). */
	private void summaries(String name, Map<String, byte[]> files, Model net, int[][] shapes) {
		try {
			for (Method m : net.getClass().getMethods())
				if (m.getName().equals("summary") && m.getParameterCount() == 0)
					files.put("summary.txt", utf8((String) m.invoke(net)));
			for (Method m : net.getClass().getMethods())
				if (m.getName().equals("summary") && m.getParameterCount() == 1
						&& shapes != null) {
					InputType[] types = types(shapes);
					Object argument = m.getParameterTypes()[0].isArray() ? types : types[0];
					files.put("summary-typed.txt",
							utf8((String) m.invoke(net, new Object[] { argument })));
					files.put("input-types", utf8(lines(shapes)));
				}
		} catch (Exception e) {
			say(name, "summary", e);
		}
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String lines(int[][] shapes) {
		return Arrays.stream(shapes).map(s -> Arrays.stream(s).mapToObj(String::valueOf)
				.collect(Collectors.joining(",")) + "\n").collect(Collectors.joining());
	}

	static InputType type(int... shape) {
		switch (shape.length) {
		case 1: return InputType.feedForward(shape[0]);
		case 2: return recurrent(shape[0], shape[1]);
		default: return InputType.convolutional(shape[1], shape[2], shape[0]);
		}
	}

	/** The older ones know no number of steps. */
	private static InputType recurrent(int n, int t) {
		try {
			return (InputType) InputType.class.getMethod("recurrent", int.class, int.class)
					.invoke(null, n, t);
		} catch (ReflectiveOperationException e) {
			return InputType.recurrent(n);
		}
	}

	static InputType[] types(int[][] shapes) {
		List<InputType> types = new ArrayList<>();

		for (int[] s : shapes)
			types.add(type(s));
		return types.toArray(new InputType[0]);
	}

	private static String fileName(String vertex) {
		return vertex.codePoints()
				.mapToObj(c -> c < 128 && (Character.isLetterOrDigit(c) || "_.-".indexOf(c) >= 0)
						? Character.toString(c) : "_")
				.collect(Collectors.joining());
	}

	private static void put(Map<String, byte[]> files, String path, byte[] bytes) {
		if (files.put(path, bytes) != null)
			throw new IllegalStateException("two vertices want the file " + path);
	}

	private void sync(String name, Map<String, byte[]> files) throws IOException {
		Path dir = root.resolve(name + "-" + release);

		pack(files);
		for (Map.Entry<String, byte[]> f : files.entrySet()) {
			Path path = dir.resolve(f.getKey());
			Files.createDirectories(path.getParent());
			if (!Files.exists(path) || !same(Files.readAllBytes(path), f.getValue()))
				Files.write(path, f.getValue());
		}
		try (Stream<Path> found = Files.walk(dir)) {
			for (Path p : found.filter(Files::isRegularFile).collect(Collectors.toList()))
				if (!files.containsKey(dir.relativize(p).toString()))
					Files.delete(p);
		}
	}

	/** out/ as one file, as NumPy's savez writes it: small files cost a disk block each. */
	private static void pack(Map<String, byte[]> files) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		ZipOutputStream zip = new ZipOutputStream(bytes);

		zip.setLevel(Deflater.NO_COMPRESSION);
		for (String path : new ArrayList<>(files.keySet()))
			if (path.startsWith("out/")) {
				ZipEntry e = new ZipEntry(path.substring(4));
				e.setTime(315532800000L); /* 1980: the bytes tell nothing of today */
				zip.putNextEntry(e);
				zip.write(files.remove(path));
			}
		zip.close();
		files.put("out.npz", bytes.toByteArray());
	}

	/** Zips carry the time of writing, so two of them are compared entry by entry. */
	private static boolean same(byte[] a, byte[] b) throws IOException {
		boolean zip = a.length > 1 && a[0] == 'P' && a[1] == 'K';

		return zip ? entries(a).equals(entries(b)) : Arrays.equals(a, b);
	}

	private static Map<String, ByteBuffer> entries(byte[] zip) throws IOException {
		Map<String, ByteBuffer> entries = new LinkedHashMap<>();
		ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip));

		for (ZipEntry e; (e = in.getNextEntry()) != null; )
			entries.put(e.getName(), ByteBuffer.wrap(in.readAllBytes()));
		return entries;
	}
}
