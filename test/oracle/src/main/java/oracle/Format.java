/* SPDX-License-Identifier: Apache-2.0 */
/* Channels first (NCHW, NCW), all that releases before beta7 know, or last. Their enums and the
 * methods that take them are named here only, so that the cases run on those releases too. */
package oracle;

import java.lang.reflect.Method;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;

enum Format {
	FIRST, LAST;

	InputType image(int height, int width, int channels) {
		return this == FIRST ? InputType.convolutional(height, width, channels)
				: InputType.convolutional(height, width, channels, CNN2DFormat.NHWC);
	}

	InputType series(int size, int steps) {
		return this == FIRST ? InputType.recurrent(size, steps)
				: InputType.recurrent(size, steps, RNNFormat.NWC);
	}

	/** A layer's builder, or a layer, told so where there is anything to tell. */
	<B> B on(B builder) {
		for (Method m : builder.getClass().getMethods())
			if (m.getName().matches("(rnnD|outputD|d|setCnn2dD)ataFormat|format")
					&& m.getParameterCount() == 1)
				try {
					Class<?> type = m.getParameterTypes()[0];
					if (type.getSimpleName().matches("CNN2DFormat|RNNFormat"))
						m.invoke(builder, type.getEnumConstants()[ordinal()]);
				} catch (ReflectiveOperationException e) {
					throw new IllegalStateException(e);
				}
		return builder;
	}
}
